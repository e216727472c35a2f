/** The end of a page's address while the change dialog is open. */
export const dialogSuffix = '/change-password'

/** The address of a page without the part for the dialog. */
export const withoutDialog = (path: string): string =>
  path.endsWith(dialogSuffix) ? path.slice(0, -dialogSuffix.length) : path
