import { useEffect } from 'react'

const product = 'Rekey'

let page: string | null = null
/** The titles of the open dialogs. The last one is on top. */
const dialogs: { readonly title: string }[] = []

const show = (): void => {
  const parts = [dialogs.at(-1)?.title, page, product]
  document.title = parts.filter(part => part != null && part !== '').join(' · ')
}

/** Sets the title of the document to the title of the page; null leaves it as it is. */
export const usePageTitle = (title: string | null): void => {
  useEffect(() => {
    if (title === null) return
    page = title
    show()
  }, [title])
}

/**
 * Puts the title of a dialog before the title of its page. Browsers show it in tabs and in the
 * history, and screen readers read it when the window becomes active.
 *
 * @param title the title while the dialog is open; null while it is closed.
 */
export const useDialogTitle = (title: string | null): void => {
  useEffect(() => {
    if (title === null) return
    const entry = { title }
    dialogs.push(entry)
    show()
    return () => {
      dialogs.splice(dialogs.indexOf(entry), 1)
      show()
    }
  }, [title])
}
