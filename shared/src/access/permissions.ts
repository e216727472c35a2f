/** All permissions: each is a verb on a thing. */
export const permissions = [
  'users.read',
  'users.invite',
  'users.import',
  'users.manage',
  'users.delete',
  'access.manage',
  'settings.manage',
  'webhooks.manage',
  'operations.read',
  'api.explore',
] as const

/** The name of a permission. */
export type Permission = (typeof permissions)[number]

/** Whether the text is the name of a permission. */
export const isPermission = (text: string): text is Permission =>
  (permissions as readonly string[]).includes(text)

/** Every permission once, in the groups that the user interface shows. */
export const permissionGroups: readonly {
  /** The key of the group's title in the catalogues. */
  readonly titleKey: `access.permissionGroup.${'users' | 'account' | 'api'}`
  readonly permissions: readonly Permission[]
}[] = [
  {
    titleKey: 'access.permissionGroup.users',
    permissions: ['users.read', 'users.invite', 'users.import', 'users.manage', 'users.delete'],
  },
  {
    titleKey: 'access.permissionGroup.account',
    permissions: ['access.manage', 'settings.manage', 'webhooks.manage', 'operations.read'],
  },
  { titleKey: 'access.permissionGroup.api', permissions: ['api.explore'] },
]

/** The keys of the permissions' titles in the catalogues: two or three words. */
export const permissionTitleKey = {
  'users.read': 'access.permission.users.read.title',
  'users.invite': 'access.permission.users.invite.title',
  'users.import': 'access.permission.users.import.title',
  'users.manage': 'access.permission.users.manage.title',
  'users.delete': 'access.permission.users.delete.title',
  'access.manage': 'access.permission.access.manage.title',
  'settings.manage': 'access.permission.settings.manage.title',
  'webhooks.manage': 'access.permission.webhooks.manage.title',
  'operations.read': 'access.permission.operations.read.title',
  'api.explore': 'access.permission.api.explore.title',
} as const satisfies Record<Permission, string>

/** The keys of the permissions' descriptions in the catalogues: one sentence each. */
export const permissionDescriptionKey = {
  'users.read': 'access.permission.users.read.description',
  'users.invite': 'access.permission.users.invite.description',
  'users.import': 'access.permission.users.import.description',
  'users.manage': 'access.permission.users.manage.description',
  'users.delete': 'access.permission.users.delete.description',
  'access.manage': 'access.permission.access.manage.description',
  'settings.manage': 'access.permission.settings.manage.description',
  'webhooks.manage': 'access.permission.webhooks.manage.description',
  'operations.read': 'access.permission.operations.read.description',
  'api.explore': 'access.permission.api.explore.description',
} as const satisfies Record<Permission, string>
