from django.db import migrations, models

FINAL = """
CREATE FUNCTION journal_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a journal entry is final' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entry_is_final BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_is_final();
CREATE TRIGGER journal_entry_is_never_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_is_final();
"""
OPEN = """
DROP TRIGGER journal_entry_is_never_emptied ON journal_entry;
DROP TRIGGER journal_entry_is_final ON journal_entry;
DROP FUNCTION journal_entry_is_final();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=60)),
                ("office_id", models.BigIntegerField(null=True)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("agent_id", models.BigIntegerField(null=True)),
                ("origin", models.CharField(max_length=20)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "permissions": [("search_journal", "Search the journal")],
                "indexes": [
                    models.Index(fields=["office_id", "what", "at"], name="journal_office_what_at"),
                    models.Index(fields=["subject_type", "subject_id", "id"], name="journal_subject"),
                    models.Index(fields=["agent_id", "at"], name="journal_agent_at"),
                ],
            },
        ),
        migrations.RunSQL(FINAL, OPEN),
    ]
