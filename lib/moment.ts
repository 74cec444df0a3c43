/** An instant on its way to a page: text from the API, a Date where the page passes on what it read itself. */
export type Moment = Date | string;
