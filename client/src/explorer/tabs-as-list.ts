/**
 * Turns the tabs of GraphiQL into a list of buttons. Each tab contains two buttons, and assistive
 * technology ignores what a tab contains: nobody could close a tab with it.
 */
const turnIntoList = (): void => {
  for (const tabs of document.querySelectorAll('.graphiql-tabs[role]')) tabs.removeAttribute('role')
  for (const tab of document.querySelectorAll('.graphiql-tab:is([role], [aria-selected])')) {
    const selected = tab.getAttribute('aria-selected')
    tab.removeAttribute('role')
    tab.removeAttribute('aria-selected')
    const button = tab.querySelector('.graphiql-tab-button')
    if (selected !== null) button?.setAttribute('aria-current', selected)
  }
}

/** Keeps the tabs of GraphiQL a list of buttons while they come, go and change. */
export const keepTabsAsList = (): void => {
  new MutationObserver(turnIntoList).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['aria-selected'],
  })
}
