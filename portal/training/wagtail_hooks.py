"""How training shows in Wagtail's admin. Only wiring."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from portal.training import keeping
from portal.training.viewsets import TrainingViewSetGroup

register_snippet(TrainingViewSetGroup)

hooks.register("before_delete_snippet", keeping.refuse_to_delete)
