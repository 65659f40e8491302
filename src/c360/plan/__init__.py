"""Trees to steps: what is read, in which pass, joined where, in which order; data only, no SQL."""

from c360.plan.demand import Output, Reads, Request, ShapeOf, reads_of, unknown_shape
from c360.plan.planner import make_plan
from c360.plan.steps import Plan

__all__ = ["Output", "Plan", "Reads", "Request", "ShapeOf", "make_plan", "reads_of", "unknown_shape"]
