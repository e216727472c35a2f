/** The tabs of the user's own page, in their order. */
export const accountTabs = [
  { path: '/account/me', message: 'account.tab.profile' },
  { path: '/account/me/security', message: 'account.tab.security' },
  { path: '/account/me/api', message: 'account.tab.api' },
  { path: '/account/me/activity', message: 'account.tab.activity' },
] as const
