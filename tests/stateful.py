"""Machines of rules, which Hypothesis lets run: what all of them have in common."""

from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.conftest import Databases


class Machine(RuleBasedStateMachine):
    """A machine of rules that knows on which kind of database it runs, and who makes one."""

    kind: ClassVar[str] = "sqlite"
    databases: ClassVar[Databases]


def let_loose(  # what a run is made of
    machine: type[Machine], databases: Databases, kind: str, examples: int, steps: int, *, same: bool = False
) -> None:
    """Let a machine run on a kind of database: the ``same`` examples each time, or others."""

    class Here(machine):  # type: ignore[misc, valid-type]  # a class of its own, which knows the database
        pass

    Here.kind, Here.databases = kind, databases
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=same,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
        ),
    )
