"""The stories of the village, one to three debriefs a file; `play` merges them in time order."""

from lessons.demo.stories import (
    calls,
    campaign,
    converter,
    credit,
    credit_texts,
    discount,
    early_call,
    first_bill,
    interview,
    kept,
    news,
    price,
    quotas,
    receipt,
    sentences,
    storm,
    texts,
    tips,
    transfer,
    voices,
)

STORIES = (
    kept.STORY,
    discount.STORY,
    early_call.STORY,
    price.STORY,
    campaign.STORY,
    credit.STORY,
    transfer.STORY,
    storm.STORY,
    first_bill.STORY,
    receipt.STORY,
    interview.STORY,
    converter.STORY,
    quotas.STORY,
    tips.STORY,
    calls.STORY,
    news.STORY,
    voices.STORY,
    sentences.STORY,
)

__all__ = ["STORIES", "credit_texts", "texts"]
