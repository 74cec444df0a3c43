/** Says that this process is ready and answers each question of the parent, which stops at a failure. */
export function answer<Question>(work: (question: Question) => Promise<object>): void {
  process.on("message", (question: Question) => {
    work(question).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ ready: true });
}
