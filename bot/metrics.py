"""What the front end counts."""

import math

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments


class WebhookMetrics:
    """What becomes of the webhook's calls, and what Telegram says of it."""

    def __init__(self, make: Instruments) -> None:
        self.requests = make.counter(
            "webhook_requests_total",
            "Webhook calls, by the HTTP status they were answered with.",
            ("status",),
        )
        self.rejected = make.counter(
            "webhook_rejected_total",
            "Webhook calls that were no update of Telegram's or too large, by reason.",
            ("reason",),
        )
        self.registered = make.gauge(
            "webhook_registered", "1 while Telegram has this bot's webhook, 0 while not; NaN when polling."
        )
        self.registered.set(math.nan)
        self.pending = make.gauge("webhook_pending_updates", "Updates that wait at Telegram for the webhook.")
        self.last_error = make.gauge(
            "webhook_last_error_timestamp_seconds",
            "When Telegram last could not deliver to the webhook, Unix time; 0 for never.",
        )


class PollingMetrics:
    """When getUpdates succeeded, and when somebody else polled."""

    def __init__(self, make: Instruments) -> None:
        self.last_success = make.gauge(
            "polling_last_success_timestamp_seconds",
            "When getUpdates last succeeded, Unix time; 0 before the first time and without polling.",
        )
        self.conflicts = make.counter(
            "polling_conflicts_total", "Calls of getUpdates that another process with this token cut short."
        )
        self.last_conflict = make.gauge(
            "polling_last_conflict_timestamp_seconds", "When that last happened, Unix time; 0 for never."
        )


class BotMetrics:
    """The front end's figures on a registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self.webhook = WebhookMetrics(make)
        self.polling = PollingMetrics(make)
        self.updates = make.counter(
            "updates_total", "Updates by type and by what became of them.", ("type", "result")
        )
        self.ingest_seconds = make.histogram(
            "ingest_seconds", "From an update in hand to its command on the queue."
        )
        self.notices_skipped = make.counter(
            "notices_skipped_total",
            "Refused updates whose sender was not told, because too many waited to be.",
        )
        self.superseded = make.counter(
            "commands_superseded_total",
            "Commands that were dropped, because a later one shows something else in the same message.",
        )
