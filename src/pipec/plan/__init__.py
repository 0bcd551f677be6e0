"""A checked pipeline becomes a graph for each of its schedules, and its instances: `plan`."""

from pipec.plan.graph import Graph, Need, Node, plan
from pipec.plan.instances import Instance, instances

__all__ = ["Graph", "Instance", "Need", "Node", "instances", "plan"]
