"""What is asked of others while a file is reviewed: the person, a body outside, the committee."""

from django.db import models
from django.db.models import F, Q

from parvis.casefiles.models.files import CaseFile
from parvis.casefiles.models.numbers import new_token
from parvis.casefiles.states import OpinionBody


class Question(models.Model):
    """Something asked of the person, with a link to send documents and the day until which it is awaited.

    ``documents`` are codes of the procedure's list; ``text`` what the officer adds.
    """

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="questions", db_index=False)
    token = models.CharField(max_length=32, default=new_token)
    text = models.TextField(blank=True, default="")
    documents = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    agent_id = models.BigIntegerField(null=True)
    answer_by = models.DateField()
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["token"], name="question_token"),
            models.UniqueConstraint(fields=["case_file"], condition=Q(ended_at=None), name="question_one_open"),
        ]
        indexes = [
            models.Index(fields=["case_file", "asked_at"], name="question_of_file"),
            models.Index(fields=["answer_by"], condition=Q(ended_at=None), name="question_waiting"),
        ]

    def __str__(self) -> str:
        return f"question on {self.case_file_id}"


class SentDocument(models.Model):
    """A document that the person sent by their link: PDF, JPEG or PNG, ten megabytes at most. Same bytes: kept once."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="sent", db_index=False)
    code = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "fingerprint"], name="sent_document_once")]

    def __str__(self) -> str:
        return self.name


class Opinion(models.Model):
    """An opinion asked of a body outside; ``due_on`` by the law or by what the officer chose."""

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="opinions", db_index=False)
    body = models.CharField(max_length=20, choices=OpinionBody.choices)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    received_at = models.DateTimeField(null=True, blank=True)
    is_favourable = models.BooleanField(null=True)
    text = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "body"], condition=Q(received_at=None), name="opinion_one_open"
            )
        ]
        indexes = [models.Index(fields=["case_file"], name="opinion_of_file")]

    def __str__(self) -> str:
        return f"{self.body} on {self.case_file_id}"


class Committee(models.Model):
    """The residence-permit committee seized of a file (L312-1, L312-2; source C17).

    The person is summoned in writing at least fifteen days before ``meets_on``, which is within three months.
    """

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="committees", db_index=False)
    referred_on = models.DateField()
    summoned_on = models.DateField()
    meets_on = models.DateField()
    heard_at = models.DateTimeField(null=True, blank=True)
    is_favourable = models.BooleanField(null=True)
    text = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case_file"], condition=Q(heard_at=None), name="committee_one_open"),
            models.CheckConstraint(
                condition=Q(meets_on__gte=F("summoned_on")), name="committee_meets_after_the_summons"
            ),
        ]
        indexes = [models.Index(fields=["case_file"], name="committee_of_file")]

    def __str__(self) -> str:
        return f"committee on {self.case_file_id}"
