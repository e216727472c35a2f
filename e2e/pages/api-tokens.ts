import type { Page } from '@playwright/test'
import { demoPassword, expect, type Rekey, signIn } from './rekey'

/** The tab with the user's own API tokens. */
export class ApiTokensTab {
  constructor(private readonly page: Page) {}

  readonly tokens = () => this.page.getByRole('list', { name: 'API tokens' }).getByRole('listitem')
  readonly token = (name: string) => this.tokens().filter({ hasText: name })
  readonly add = () => this.page.getByRole('button', { name: 'New token' })
  readonly none = () => this.page.getByText('No API tokens yet')

  readonly form = () => this.page.getByRole('dialog', { name: 'New API token' })
  readonly name = () => this.form().getByLabel('Name')
  readonly lastDay = () => this.form().getByLabel('Last day')
  readonly permission = (title: string) => this.form().getByRole('checkbox', { name: title })
  readonly create = () => this.form().getByRole('button', { name: 'Create token' })

  readonly shown = () => this.page.getByRole('dialog', { name: 'Your new API token' })
  readonly secret = () => this.shown().getByLabel('Token', { exact: true })
  readonly done = () => this.shown().getByRole('button', { name: 'Done' })

  /** Signs in and opens the tab. */
  async open(rekey: Rekey, login: string): Promise<void> {
    await this.page.goto(`${rekey.url}/account/me/api`)
    await signIn(this.page, login, demoPassword)
    await expect(this.add()).toBeVisible()
  }

  /** Chooses the expiry. */
  async lasts(length: string): Promise<void> {
    await this.form().getByRole('combobox', { name: 'Expires after' }).click()
    await this.page.getByRole('option', { name: length, exact: true }).click()
  }

  /** Reads the token, and closes the dialog that shows it. */
  async keep(): Promise<string> {
    const token = await this.secret().inputValue()
    await this.done().click()
    await this.shown().getByRole('button', { name: 'Close without copying' }).click()
    await expect(this.shown()).toBeHidden()
    return token
  }

  /** Opens the dialog that revokes a token. */
  async revoke(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Revoke ${name}` }).click()
  }
}

/** Calls the API with only a token, as a program does. */
export const callByToken = async (
  rekey: Rekey,
  token: string,
  query: string,
  // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
): Promise<any> => {
  const answer = await fetch(`${rekey.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return answer.json()
}
