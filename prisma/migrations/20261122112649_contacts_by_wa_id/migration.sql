-- CreateIndex
CREATE INDEX "contacts_userId_waId_idx" ON "contacts"("userId", "waId");
