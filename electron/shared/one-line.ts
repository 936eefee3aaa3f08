/** Text of another program as one line, without what moves the cursor of a terminal or changes the direction of the text around it. */
export const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
