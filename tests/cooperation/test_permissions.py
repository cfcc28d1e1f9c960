"""Who reads and who writes which rows: own agency, its units, its predecessors, and roles."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission

from cooperation.models import Agency, Province, User
from cooperation.permissions import CHANGE, ROLES, RUNS_THE_SYSTEM, VIEW, agency_ids, home_agency
from cooperation.roles import sync_roles
from programs.models import Activity, Milestone, ProgressUpdate
from tests.factories import make_activity, make_agency, make_milestone, make_province, make_update, make_user

pytestmark = pytest.mark.django_db

MERGER = date(2025, 7, 1)


def readable(user):
    return set(Activity.objects.for_user(user, VIEW))


def writable(user):
    return set(Activity.objects.for_user(user, CHANGE))


@pytest.fixture
def office():
    return make_agency("Sở Công Thương")


def test_own_rows_and_those_of_units_at_any_depth(office):
    unit = make_agency("Trung tâm Khuyến công", parent=office)
    team = make_agency("Tổ tư vấn", parent=unit)
    foreign = make_agency("Sở khác")
    rows = {body: make_activity(lead_agency=body) for body in (office, unit, team, foreign)}
    assert writable(make_user(agency=office)) == {rows[office], rows[unit], rows[team]}
    assert writable(make_user(agency=unit)) == {rows[unit], rows[team]}
    assert readable(make_user(agency=team)) == {rows[team]}


def test_rights_follow_the_merger_and_records_do_not(office):
    new = make_agency("Sở mới", valid_from=MERGER)
    old = [make_agency("Sở cũ", dissolved_on=MERGER, successor=new) for _ in range(2)]
    unit = make_agency("Phòng của sở cũ", parent=old[0])
    rows = {make_activity(lead_agency=body) for body in (*old, new, unit)}
    make_activity(lead_agency=office)
    for body in (*old, new):
        assert writable(make_user(agency=body)) == rows
    assert {row.lead_agency for row in rows} == {*old, new, unit}


def test_new_rows_belong_to_the_successor(office):
    new = make_agency("Sở mới", valid_from=MERGER)
    old = make_agency("Sở cũ", dissolved_on=MERGER, successor=new)
    assert home_agency(make_user(agency=old)) == new
    assert home_agency(make_user(agency=office)) == office
    assert home_agency(make_user()) is None


def test_before_the_merger_takes_effect_nothing_moves():
    new = make_agency("Sở mới", valid_from=date(2099, 1, 1))
    old = make_agency("Sở cũ", dissolved_on=date(2099, 1, 1), successor=new)
    row = make_activity(lead_agency=old)
    assert writable(make_user(agency=new)) == set()
    assert writable(make_user(agency=old)) == {row}


def test_a_partner_reads_and_writes_only_what_nobody_leads(office):
    led = make_activity(lead_agency=make_agency())
    leaderless = make_activity()
    for row in (led, leaderless):
        row.partner_agencies.add(office)
    user = make_user(agency=office)
    assert readable(user) == {led, leaderless}
    assert writable(user) == {leaderless}


def test_rows_of_an_activity_follow_the_activity(office):
    mine, theirs = make_activity(lead_agency=office), make_activity(lead_agency=make_agency())
    reports = [make_update(row) for row in (mine, theirs)]
    milestones = [make_milestone(row, MERGER) for row in (mine, theirs)]
    user = make_user(agency=office)
    assert list(ProgressUpdate.objects.for_user(user, CHANGE)) == reports[:1]
    assert list(Milestone.objects.for_user(user, VIEW)) == milestones[:1]


def test_leaders_read_everything_and_write_nothing(office):
    row = make_activity(lead_agency=make_agency())
    own = make_activity(lead_agency=office)
    leader = make_user(agency=office, role="Lãnh đạo")
    assert readable(leader) == {row, own}
    assert writable(leader) == set()


def test_without_an_agency_there_are_no_own_rows():
    make_activity()
    assert readable(make_user()) == set()
    assert agency_ids(make_user()) == frozenset()


@pytest.mark.parametrize("facts", [{"is_staff": False}, {"is_active": False}])
def test_only_active_staff_have_rows(office, facts):
    make_activity(lead_agency=office)
    assert readable(make_user(agency=office, **facts)) == set()
    assert not Province.objects.for_user(AnonymousUser())


def test_reference_data_is_read_by_all_staff():
    province = make_province()
    assert list(Province.objects.for_user(make_user())) == [province]


def test_the_scope_takes_one_query_once(office, django_assert_num_queries):
    make_activity(lead_agency=office)
    user = User.objects.get(pk=make_user(agency=office).pk)
    with django_assert_num_queries(1):
        agency_ids(user)
    with django_assert_num_queries(0):
        agency_ids(user)
    with django_assert_num_queries(2):
        assert len(readable(user)) == 1


def test_every_right_of_every_role_exists_and_none_else():
    sync_roles()
    sync_roles()
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    for role, models in ROLES.items():
        held = Permission.objects.filter(group__name=role)
        expected = {
            (label.split(".")[0], f"{action}_{label.split('.')[1]}")
            for label, actions in models.items()
            for action in actions
        }
        assert set(held.values_list("content_type__app_label", "codename")) == expected


def test_a_right_given_by_hand_to_a_role_is_taken_back():
    sync_roles()
    group = Group.objects.get(name="Lãnh đạo")
    group.permissions.add(Permission.objects.get(codename="delete_activity"))
    sync_roles()
    assert not group.permissions.filter(codename="delete_activity").exists()


def test_who_runs_the_system_alone_keeps_institutions():
    """What others' records stand on is the administrator's; accounts are their agency's too."""
    for role, models in ROLES.items():
        if role == RUNS_THE_SYSTEM:
            continue
        for label, actions in models.items():
            if label.startswith("cooperation.") and label != "cooperation.user":
                assert set(actions) <= {"view", "export"}, (role, label)


def test_what_was_sealed_is_changed_by_nobody():
    for role, models in ROLES.items():
        for label in ("programs.snapshot", "programs.erratum", "programs.handover"):
            assert set(models[label]) <= {"view", "export"}, (role, label)


def test_import_and_export_are_rights_of_their_own():
    for label in ("programs.activity", "enterprises.mou", "enterprises.enterprise"):
        model = apps.get_model(label)
        assert {"import", "export"} <= set(model._meta.default_permissions)
    importers = {role for role, models in ROLES.items() if "import" in models["enterprises.mou"]}
    assert importers == {"Nhập liệu", RUNS_THE_SYSTEM}


def test_a_circle_of_parents_ends(office):
    unit = make_agency(parent=office)
    Agency.objects.filter(pk=office.pk).update(parent=unit)
    assert agency_ids(make_user(agency=office)) == {office.pk, unit.pk}
