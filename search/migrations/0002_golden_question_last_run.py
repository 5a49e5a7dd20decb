from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='goldenquestion',
            name='last_place',
            field=models.PositiveSmallIntegerField(editable=False, help_text='Where the answer came when the question was last run; 0 for nowhere.', null=True),
        ),
        migrations.AddField(
            model_name='goldenquestion',
            name='last_run_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
