/**
 * Text as every database can hold it: not every one has U+0000 or half of a surrogate pair,
 * and no field may. Where they are looked for, they are replaced, so that they are found nowhere.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
