"""Small builders: each makes one saved record with as little as it needs; keywords override."""

import datetime
from itertools import count

from django.contrib.auth.models import Group
from django.utils import timezone

from cooperation.models import Agency, Agreement, CooperationArea, JointPlan, Province, User
from enterprises.models import MOU, Enterprise
from programs.models import (
    Activity,
    ExplanationRequest,
    Milestone,
    Program,
    ProgressUpdate,
    ReportingPeriod,
    ScheduleChange,
    Snapshot,
    Suspension,
)
from programs.periods.sealing import seal

_numbers = count(1)


def make_province(name="Long An", **kwargs) -> Province:
    n = next(_numbers)
    return Province.objects.create(
        **{"slug": f"tinh-{n}", "name": name, "full_name": f"Tỉnh {name}", **kwargs}
    )


def make_agency(name="Sở Công Thương", **kwargs) -> Agency:
    n = next(_numbers)
    return Agency.objects.create(**{"slug": f"co-quan-{n}", "name": f"{name} {n}", "kind": "so", **kwargs})


def make_agreement(**kwargs) -> Agreement:
    n = next(_numbers)
    return Agreement.objects.create(**{"slug": f"thoa-thuan-{n}", "title": f"Thỏa thuận {n}", **kwargs})


def make_plan(**kwargs) -> JointPlan:
    n = next(_numbers)
    return JointPlan.objects.create(
        **{
            "slug": f"ke-hoach-{n}",
            "title": f"Kế hoạch liên tịch {n}",
            "start_year": 2019,
            "end_year": 2025,
            **kwargs,
        }
    )


def make_area(plan=None, number=1, **kwargs) -> CooperationArea:
    return CooperationArea.objects.create(
        **{"plan": plan or make_plan(), "number": number, "title": f"Lĩnh vực số {number}", **kwargs}
    )


def make_program(area=None, **kwargs) -> Program:
    n = next(_numbers)
    return Program.objects.create(
        **{"area": area or make_area(), "code": f"CT-{n}", "title": f"Chương trình {n}", **kwargs}
    )


def make_activity(area=None, **kwargs) -> Activity:
    n = next(_numbers)
    return Activity.objects.create(
        **{"area": area or make_area(), "code": f"HD-{n}", "title": f"Hoạt động {n}", **kwargs}
    )


def make_update(
    activity=None, percent=40, effective_on=datetime.date(2022, 6, 30), **kwargs
) -> ProgressUpdate:
    """An accepted progress update."""
    return ProgressUpdate.objects.create(
        **{
            "activity": activity or make_activity(),
            "percent": percent,
            "effective_on": effective_on,
            "status": ProgressUpdate.Status.ACCEPTED,
            "decided_at": timezone.now(),
            **kwargs,
        }
    )


def make_milestone(activity, due_on, **kwargs) -> Milestone:
    return Milestone.objects.create(
        **{"activity": activity, "due_on": due_on, "title": f"Mốc {due_on}", **kwargs}
    )


def make_schedule_change(activity, on, due_before=None, **kwargs) -> ScheduleChange:
    """Before `on` the activity was due on `due_before`."""
    return ScheduleChange.objects.create(
        **{
            "activity": activity,
            "on": on,
            "due_before": due_before,
            "start_before": activity.start_on,
            **kwargs,
        }
    )


def make_suspension(activity, suspended_on, resumed_on, **kwargs) -> Suspension:
    return Suspension.objects.create(
        activity=activity, suspended_on=suspended_on, resumed_on=resumed_on, **kwargs
    )


def make_period(plan=None, **kwargs) -> ReportingPeriod:
    """The year 2021, closed on the 14th of December."""
    return ReportingPeriod.objects.create(
        **{
            "plan": plan or make_plan(),
            "kind": "year",
            "label": "Năm 2021",
            "start_on": datetime.date(2020, 12, 15),
            "end_on": datetime.date(2021, 12, 14),
            "due_on": datetime.date(2021, 12, 16),
            **kwargs,
        }
    )


def make_snapshot(period=None) -> Snapshot:
    """The period, sealed by an administrator although nobody has sent a report."""
    administrator = make_user(is_superuser=True)
    return seal(period=period or make_period(), user=administrator, incomplete_reason="thử")


def make_explanation(about=None, **kwargs) -> ExplanationRequest:
    """An unanswered request about an activity or an area."""
    about = about or make_activity()
    return ExplanationRequest.objects.create(
        **{
            "activity" if isinstance(about, Activity) else "area": about,
            "agency": kwargs.get("agency") or make_agency(),
            "question": "Vì sao chậm?",
            "due_on": datetime.date(2022, 7, 7),
            "asked_by": kwargs.get("asked_by") or make_user(),
            "asked_at": timezone.now(),
            **kwargs,
        }
    )


def make_enterprise(name=None, **kwargs) -> Enterprise:
    return Enterprise.objects.create(**{"name": name or f"Công ty TNHH Thử {next(_numbers)}", **kwargs})


def make_mou(area=None, **kwargs) -> MOU:
    area = area or make_area()
    return MOU.objects.create(
        **{
            "plan": area.plan,
            "area": area,
            "signed_on": datetime.date(2019, 5, 17),
            "party_a": kwargs.get("party_a") or make_enterprise(),
            "party_b": kwargs.get("party_b") or make_enterprise(),
            **kwargs,
        }
    )


def make_user(username=None, agency=None, role=None, **kwargs) -> User:
    """A member of staff; `role` is a group name of cooperation.permissions.ROLES."""
    user = User.objects.create_user(
        **{"username": username or f"user{next(_numbers)}", "agency": agency, "is_staff": True, **kwargs}
    )
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user
