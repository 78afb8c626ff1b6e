/** Whether text is plain ASCII, in which nothing can hide: most of the web's text is, and need not be searched for more. */

const BEYOND = /[^\x00-\x7f]/;

export const isAscii = (text: string): boolean => !BEYOND.test(text);
