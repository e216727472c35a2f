import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { demoPassword, expect, type Rekey, signIn } from './rekey'

/** The Users page. */
export class UsersPage {
  constructor(private readonly page: Page) {}

  /** Signs in and opens the table. */
  async open(rekey: Rekey, login: string, search = ''): Promise<void> {
    await this.page.goto(`${rekey.url}/account/users${search}`)
    await signIn(this.page, login, demoPassword)
    await expect(this.page.getByRole('heading', { name: 'Users' })).toBeVisible()
    await expect(this.edits().first()).toBeVisible()
  }

  readonly edits = () => this.page.getByRole('link', { name: /^Edit / }).filter({ visible: true })
  readonly edit = (name: string) =>
    this.page.getByRole('link', { name: `Edit ${name}` }).filter({ visible: true })
  readonly row = (name: string) => this.page.getByRole('row').filter({ hasText: name })
  readonly box = (name: string) =>
    this.page
      .getByRole('checkbox', { name: new RegExp(`^Select ${name}`) })
      .filter({ visible: true })
  readonly add = () => this.page.getByRole('button', { name: 'Add user' }).filter({ visible: true })
  readonly import = () =>
    this.page.getByRole('main').getByRole('link', { name: 'Import', exact: true })
  /** The button of the menu at the end of a row. */
  readonly menu = (name: string) => this.page.getByRole('button', { name: `Actions for ${name}` })
  readonly link = (name: string) => this.page.getByRole('link', { name, exact: true })
  /** The bar with the actions for the selected users. */
  readonly bulk = () => this.page.getByRole('region', { name: 'Selected users' })
  readonly results = () => this.page.getByRole('list', { name: 'Results' }).getByRole('listitem')

  /** Types a search, which filters the table. */
  async search(text: string): Promise<void> {
    await this.page.getByLabel('Search users').fill(text)
  }

  /** Applies an action to the selected users, and waits for the results. */
  async run(action: string, confirm = action): Promise<void> {
    await this.bulk().getByRole('button', { name: action, exact: true }).click()
    if (action === 'Block') await this.page.getByLabel('Reason').fill('Left the company')
    await this.page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
    await expect(this.results().first()).toBeVisible()
  }
}

/** The dialog that adds a user. */
export class AddUserDialog {
  constructor(private readonly page: Page) {}

  readonly root = () => this.page.getByRole('dialog', { name: /Add a user/ })
  readonly field = (label: string) => this.root().getByLabel(label, { exact: true })
  readonly access = () => this.root().getByRole('button', { name: /^Access/ })
  readonly submit = () => this.root().getByRole('button', { name: 'Send invitation' })

  /** Types who the user is: Nora Lindgren, with this login. */
  async fill(login: string): Promise<void> {
    await this.field('Login').fill(login)
    await this.field('First name').fill('Nora')
    await this.field('Last name').fill('Lindgren')
  }
}

/** A profile's Access tab and its actions. */
export class ProfilePage {
  constructor(private readonly page: Page) {}

  readonly tab = (name: string) => this.page.getByRole('tab', { name })
  readonly actions = () => this.page.getByRole('button', { name: 'Actions', exact: true })
  /** An action of the menu. If it is disabled, its reason follows its name. */
  readonly action = (name: string) =>
    this.page.getByRole('menuitem', { name: new RegExp(`^${name}`) })
  readonly permission = (title: string) => this.page.getByRole('checkbox', { name: title })
  readonly role = () => this.page.getByRole('combobox', { name: 'Role' })
  readonly save = () => this.page.getByRole('button', { name: 'Save changes' })

  /** Opens the menu and chooses an action. */
  async act(name: string): Promise<void> {
    await this.actions().click()
    await this.action(name).click()
  }

  /** Blocks the user, with this reason. */
  async block(reason: string): Promise<void> {
    await this.act('Block')
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill(reason)
    await dialog.getByRole('button', { name: 'Block' }).click()
  }
}

/** The page that imports users. */
export class ImportPage {
  constructor(private readonly page: Page) {}

  readonly lines = () => this.page.getByRole('table').getByRole('row')
  readonly line = (number: number) =>
    this.lines().filter({ has: this.page.getByRole('cell', { name: String(number), exact: true }) })
  readonly invite = () => this.page.getByRole('button', { name: /^Invite / })

  /** A choice of how the file is read, or of the column of a field. */
  readonly option = (label: string) => this.page.getByRole('combobox', { name: label, exact: true })

  /** Chooses a file with this text, or with these bytes. */
  async choose(content: string | Uint8Array, name = 'people.csv'): Promise<void> {
    await this.page.getByLabel('CSV or Excel file').setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    })
  }

  /** Changes how the file is read, or the column of a field. */
  async change(label: string, value: string): Promise<void> {
    await this.option(label).click()
    await this.page.getByRole('option', { name: value }).click()
  }

  /** Invites all valid users, and confirms it. */
  async confirm(): Promise<void> {
    await this.invite().click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Send invitations' }).click()
  }

  /** Clicks a button that saves a file. Returns the content of the file. */
  async download(button: string): Promise<string> {
    const coming = this.page.waitForEvent('download')
    await this.page.getByRole('button', { name: button }).click()
    return readFile(await (await coming).path(), 'utf8')
  }
}
