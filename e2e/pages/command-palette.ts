import type { Page } from '@playwright/test'
import { expect } from './rekey'

/** The dialog that finds people, pages and actions. */
export class CommandPalette {
  constructor(private readonly page: Page) {}

  readonly button = () =>
    this.page.getByRole('banner').getByRole('button', { name: 'Search…' }).filter({ visible: true })
  readonly root = () => this.page.getByRole('dialog', { name: 'Search', exact: true })
  readonly field = () => this.root().getByRole('combobox', { name: 'Search' })
  readonly list = () => this.root().getByRole('listbox', { name: 'Search' })
  readonly option = (name: string | RegExp) =>
    this.list().getByRole('option', { name, exact: true })
  /** The lines in a group. */
  readonly group = (name: string) => this.list().getByRole('group', { name }).getByRole('option')
  /** The line that Enter chooses. */
  readonly active = () => this.list().getByRole('option', { selected: true })

  /** Opens it with the keyboard. */
  async open(keys = 'Control+k'): Promise<void> {
    await this.page.keyboard.press(keys)
    await expect(this.field()).toBeFocused()
  }

  /** Types into the field, and chooses the line with this name by keyboard. */
  async choose(search: string, name: string | RegExp): Promise<void> {
    await this.field().fill(search)
    await expect(this.option(name)).toBeVisible()
    while ((await this.active().count()) > 0) {
      if (await this.option(name).and(this.active()).count()) break
      await this.page.keyboard.press('ArrowDown')
    }
    await this.page.keyboard.press('Enter')
    await expect(this.root()).toBeHidden()
  }
}
