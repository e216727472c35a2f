/** The end of a page's address while the change dialog is over it. */
export const dialogSuffix = '/change-password'

/** The address of a page without that of the dialog over it. */
export const withoutDialog = (path: string): string =>
  path.endsWith(dialogSuffix) ? path.slice(0, -dialogSuffix.length) : path
