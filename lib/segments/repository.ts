import { type Filter, filterSchema } from "@/lib/contact-filters/schema";
import { db } from "@/lib/db";
import { isDuplicate } from "@/lib/db/errors";
import { invalid, notFound } from "@/lib/errors";
import type { SegmentInput } from "@/lib/segments/schema";
import type { UserId } from "@/lib/tenant";

export type Segment = { id: string; name: string; filter: Filter };

const columns = { id: true, name: true, filter: true } as const;

const read = ({ id, name, filter }: { id: string; name: string; filter: unknown }): Segment => ({
  ...{ id, name },
  filter: filterSchema.parse(filter),
});

export const segmentRepository = {
  /** Throws INVALID for a name that another segment has. */
  create(userId: UserId, { name, filter }: SegmentInput): Promise<{ id: string }> {
    return db.segment
      .create({ data: { userId, name, filter }, select: { id: true } })
      .catch((error: unknown) => nameTaken(error, name));
  },

  async list(userId: UserId): Promise<Segment[]> {
    const rows = await db.segment.findMany({ where: { userId }, select: columns, orderBy: { name: "asc" } });
    return rows.map(read);
  },

  async find(userId: UserId, id: string): Promise<Segment | null> {
    const row = await db.segment.findUnique({ where: { id, userId }, select: columns });
    return row && read(row);
  },

  async update(userId: UserId, id: string, { name, filter }: SegmentInput): Promise<void> {
    const { count } = await db.segment
      .updateMany({ where: { id, userId }, data: { name, filter } })
      .catch((error: unknown) => nameTaken(error, name));
    if (count === 0) throw notFound("Segment");
  },

  async remove(userId: UserId, id: string): Promise<void> {
    const { count } = await db.segment.deleteMany({ where: { id, userId } });
    if (count === 0) throw notFound("Segment");
  },
};

function nameTaken(error: unknown, name: string): never {
  throw isDuplicate(error) ? invalid("name", `There is already a segment “${name}”`) : error;
}
