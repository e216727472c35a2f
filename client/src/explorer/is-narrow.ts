/** Whether there is room for only one pane next to the icons; the same width as in explorer.css. */
export const isNarrow = (): boolean => window.matchMedia('(max-width: 47.99em)').matches
