/** Does all of it, one after the other: what fails holds up nothing behind it. Throws the first failure in the end. */
export async function doAll(jobs: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const job of jobs) await job().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
