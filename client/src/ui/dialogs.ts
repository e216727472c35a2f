/** Whether a dialog covers the page, so that shortcuts of the page must not work. */
export const isDialogOpen = (): boolean => document.querySelector('[aria-modal=true]') !== null
