import {
  IconAdjustments,
  IconApi,
  IconHome,
  IconKey,
  IconListDetails,
  IconMail,
  IconPassword,
  IconShieldLock,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import type { PlainMessageId } from '../messages/locale'

/** A page that users can open from everywhere. */
export interface Page {
  readonly to: string
  readonly name: PlainMessageId
  readonly Icon: typeof IconHome
  /** A user with one of these permissions may open the page. Empty if every user may. */
  readonly permissions: readonly string[]
  /** Whether the page is not part of the SPA, so that the browser must load it. */
  readonly reloadDocument?: boolean
}

/** The pages about people and what they did. */
export const accountPages: readonly Page[] = [
  { to: '/', name: 'app.navigation.home', Icon: IconHome, permissions: [] },
  {
    to: '/account/users',
    name: 'app.navigation.users',
    Icon: IconUsers,
    // A user who may invite but not see users still finds the invitation there.
    permissions: ['users.read', 'users.invite'],
  },
  {
    to: '/account/api-tokens',
    name: 'app.navigation.apiTokens',
    Icon: IconKey,
    permissions: ['users.manage'],
  },
  {
    to: '/account/operations',
    name: 'app.navigation.operations',
    Icon: IconListDetails,
    permissions: ['operations.read'],
  },
]

/** The pages with the settings of the account. */
export const settingsPages: readonly Page[] = [
  {
    to: '/account/settings/general',
    name: 'app.navigation.general',
    Icon: IconAdjustments,
    permissions: ['settings.manage'],
  },
  {
    to: '/account/settings/security',
    name: 'app.navigation.security',
    Icon: IconShieldLock,
    permissions: ['settings.manage'],
  },
  {
    to: '/account/settings/password-policy',
    name: 'app.navigation.passwordPolicy',
    Icon: IconPassword,
    permissions: ['settings.manage'],
  },
  {
    to: '/account/settings/mail',
    name: 'app.navigation.mail',
    Icon: IconMail,
    permissions: ['settings.manage'],
  },
  {
    to: '/account/settings/webhooks',
    name: 'app.navigation.webhooks',
    Icon: IconWebhook,
    permissions: ['webhooks.manage'],
  },
]

/** The page on which developers try the API. */
export const explorerPage: Page = {
  to: '/explorer',
  name: 'app.navigation.explorer',
  Icon: IconApi,
  permissions: ['api.explore'],
  reloadDocument: true,
}

/** Those of the pages that a user with these permissions may open. */
export const openPages = (pages: readonly Page[], permissions: readonly string[]): Page[] =>
  pages.filter(
    page =>
      page.permissions.length === 0 ||
      page.permissions.some(permission => permissions.includes(permission)),
  )
