"""What is remembered of who hears holds for every subject in which the same matters."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import Route, Subject, matters, obstacle
from domain.roles import Actor, OrganisationKind, Role
from tests.builders import NOW

ROUTES = [Route.CHAT, Route.TELEMETRY]
minutes = st.integers(-12 * 24 * 60, 12 * 24 * 60).map(lambda count: timedelta(minutes=count))
subjects = st.builds(
    Subject,
    st.sampled_from(ObjectStatus),
    since=minutes.map(lambda length: NOW - abs(length)) | st.just(NOW - timedelta(days=8)),
    late_from=st.none() | minutes.map(lambda length: NOW + length) | st.just(NOW),
    commissioned=st.booleans(),
    open_request=st.booleans(),
)


def _answers(subject: Subject[ObjectStatus]) -> list[object]:
    actors = [Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, role) for role in Role]
    rows = OBJECT_PROCESS.leaving(subject.status)
    return [obstacle(row, actor, subject, NOW, route) for row in rows for actor in actors for route in ROUTES]


@given(subjects, subjects)
def test_where_the_same_matters_the_answers_are_the_same(
    one: Subject[ObjectStatus], other: Subject[ObjectStatus]
) -> None:
    for status in ObjectStatus:
        first = replace(one, status=status)
        second = replace(first, since=other.since, late_from=other.late_from)
        if matters(first, NOW) == matters(second, NOW):
            assert _answers(first) == _answers(second)
