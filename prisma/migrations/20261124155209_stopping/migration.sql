-- CreateIndex
CREATE INDEX "consent_events_opt_outs_idx" ON "consent_events"("userId", "createdAt") WHERE (action = 'opt_out');

-- CreateIndex
CREATE INDEX "messages_failed_by_campaign_idx" ON "messages"("campaignId", "failedAt") WHERE ("failedAt" IS NOT NULL);
