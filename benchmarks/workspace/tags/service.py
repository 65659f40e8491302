"""Fourteen aggregates of tickets, contacts, contracts and subscriptions, and what the customer table says."""

from c360 import as_of, days, tag
from tags.sources import Contact, Contract, Customer, Subscription, Ticket

_open = Subscription.where(Subscription.ended_on.is_null())
_running = Contract.where(Contract.end_on >= as_of())
_out = Contact.where(Contact.direction == "out")

tickets_30d = tag(Ticket.last(days(30)).count(), title="Tickets, last 30 days")
tickets_90d = tag(Ticket.last(days(90)).count(), title="Tickets, last 90 days")
severe_tickets_90d = tag(
    Ticket.where(Ticket.severity == "high").last(days(90)).count(),
    title="Tickets of high severity, last 90 days",
)
satisfaction_365d = tag(
    Ticket.last(days(365)).satisfaction.mean(),
    title="Mean satisfaction with tickets closed, opened in the last 365 days",
)
days_since_ticket = tag(Ticket.days_since_last(within=364), title="Days since the last ticket, within 365 days")
contacts_30d = tag(_out.last(days(30)).count(), title="Times contacted, last 30 days")
contacts_90d = tag(_out.last(days(90)).count(), title="Times contacted, last 90 days")
accepted_90d = tag(_out.where(Contact.outcome == "accepted").last(days(90)).count(), title="Offers accepted, last 90 days")
refused_90d = tag(_out.where(Contact.outcome == "refused").last(days(90)).count(), title="Offers refused, last 90 days")
days_since_contact = tag(Contact.days_since_last(within=179), title="Days since the last contact in or out, within 180 days")
contracts_running = tag(_running.count(), title="Contracts running")
contract_end = tag(_running.end_on.max(), title="End of the contract that runs longest")
subscriptions = tag(_open.count(), title="Products subscribed to")
subscription_fee = tag(_open.price.sum().or_zero(), title="Monthly price of the products subscribed to")

customer_kind = tag(Customer.kind, title="Kind of customer")
days_with_us = tag(Customer.joined_on.days_until(as_of()), title="Days since joining")
