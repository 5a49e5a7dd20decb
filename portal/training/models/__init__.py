"""What training keeps. Progress is not among it: that is derived (see `portal.training.progress`)."""

from portal.training.models.enrolment import Enrolment, How, Pause, Waiver
from portal.training.models.path import CountsFrom, LearningPath, OnChange
from portal.training.models.reading import SectionRead, Way
from portal.training.models.signing import Attendance, SignOff
from portal.training.models.step import Kind, Opens, PathEdition, Step
from portal.training.models.task import Task, TaskItem

__all__ = [
    "Attendance",
    "CountsFrom",
    "Enrolment",
    "How",
    "Kind",
    "LearningPath",
    "OnChange",
    "Opens",
    "PathEdition",
    "Pause",
    "SectionRead",
    "SignOff",
    "Step",
    "Task",
    "TaskItem",
    "Waiver",
    "Way",
]
