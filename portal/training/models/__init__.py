"""What training keeps. Progress is not among it: that is derived (see `portal.training.progress`)."""

from portal.training.models.calendar import CalendarAddress
from portal.training.models.certificate import Certificate, CertificateWithdrawal
from portal.training.models.enrolment import Enrolment, How, Pause, Waiver
from portal.training.models.path import CountsFrom, LearningPath, OnChange
from portal.training.models.readiness import Level, ReadinessRule
from portal.training.models.reading import SectionRead, Way
from portal.training.models.refresher import RefresherCard, RefresherReview
from portal.training.models.signing import Attendance, SignOff, uncorrected
from portal.training.models.step import Kind, Opens, PathEdition, Step
from portal.training.models.task import Task, TaskItem
from portal.training.models.told import ToldDue

__all__ = [
    "Attendance",
    "CalendarAddress",
    "Certificate",
    "CertificateWithdrawal",
    "CountsFrom",
    "Enrolment",
    "How",
    "Kind",
    "LearningPath",
    "Level",
    "OnChange",
    "Opens",
    "PathEdition",
    "Pause",
    "ReadinessRule",
    "RefresherCard",
    "RefresherReview",
    "SectionRead",
    "SignOff",
    "Step",
    "Task",
    "TaskItem",
    "ToldDue",
    "Waiver",
    "Way",
    "uncorrected",
]
