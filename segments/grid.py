"""The grid's five treatments: guard, grow, raise, move up, repair; and of the bleeding whom to let go."""

from c360 import given, segment
from segments._examples import GRID, members
from segments.grid_population import billed_customers
from tags.bleeding import bleeding_cause
from tags.contract import on_contract
from tags.grid import customer_grid
from tags.influence import is_influential

guard_large_premium = segment(
    customer_grid == "large_premium",
    universe=billed_customers,
    title="Large premium: guard",
    zh="大型优质：重点保有",
    owner="retention",
    description="Two-way importance: know how we stand against rivals in region, price, service, product, channel and payment.",
    source="field sources",
    example=given("2026-10-31", **GRID).gives(members("big")),
)

grow_average = segment(
    customer_grid == "average",
    universe=billed_customers,
    title="Average: find those with room to grow",
    zh="平均型：挖掘成长",
    owner="market",
    description="Never at the price of losing them; who is offered more is the segment upsell.",
    source="field sources",
    example=given("2026-10-31", **GRID).gives(members("dull", "middle")),
)

raise_small_premium = segment(
    customer_grid == "small_premium",
    universe=billed_customers,
    title="Small premium: modest offers",
    zh="小型优质：适度提升",
    owner="market",
    description="By dependency and potential: derived products, a greater share of the wallet.",
    source="field sources",
    example=given("2026-10-31", **GRID).gives(members("rich", "key")),
)

move_up_small_ordinary = segment(
    customer_grid == "small_ordinary",
    universe=billed_customers,
    title="Small ordinary: serve otherwise, move up",
    zh="小型一般：改变服务模式",
    owner="service",
    description="A cheaper mode of service, so that they become small premium or average.",
    source="field sources",
    example=given("2026-10-31", **GRID).gives(members("plain")),
)

repair_bleeding = segment(
    customer_grid == "bleeding",
    universe=billed_customers,
    title="Bleeding: find the cause, repair",
    zh="出血型：止血修复",
    owner="finance",
    description="Show bleeding_cause and bleeding_amount; who cannot be repaired is repriced or let go.",
    source="field sources",
    example=given("2026-10-31", **GRID).gives(members("loss", "even", "thin")),
)

let_go_bleeding = segment(
    repair_bleeding & ~on_contract & ~is_influential & bleeding_cause.is_in("speculative_buying", "service_cost"),
    title="Bleeding: reprice or let go",
    zh="出血型：退出名单",
    owner="finance",
    description="No contract holds either side, nobody follows their word, and the cause is no price of ours that could be "
    "mended: they take subsidies or service and give nothing. No retention money for them.",
    source="field sources (exit list); rule ours",
    example=given("2026-10-31", **GRID).gives(members("thin")),
)
