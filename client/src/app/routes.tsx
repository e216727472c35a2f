import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import { ApiProvider } from './ApiProvider'
import { NavigationProgress } from './NavigationProgress'
import { NotFoundPage } from './NotFoundPage'
import { RouteFailure } from './RouteFailure'
import { Shell } from './Shell'

/**
 * Shows a failure of a page in its place, so that the frame around it can still be used. A page whose
 * files cannot be loaded cannot show that itself, so they have a parent that can.
 */
const failingInPlace = (pages: RouteObject[]): RouteObject[] => [
  { errorElement: <RouteFailure />, children: pages },
]

/** All addresses of the SPA. Pages load when they are first opened. */
export const routes: RouteObject[] = [
  {
    Component: NavigationProgress,
    errorElement: <RouteFailure />,
    // During navigation the old page stays. For the first page there is no old one.
    hydrateFallbackElement: <div aria-busy="true" />,
    children: [
      {
        path: '/sign-in',
        lazy: () =>
          import('../sessions/SignInRoute').then(page => ({ Component: page.SignInRoute })),
      },
      {
        path: '/setup',
        lazy: () => import('../setup/SetUpPage').then(page => ({ Component: page.SetUpPage })),
      },
      {
        path: '/activate',
        lazy: () =>
          import('../invitations/ActivatePage').then(page => ({ Component: page.ActivatePage })),
      },
      {
        path: '/forgot-password',
        lazy: () =>
          import('../passwords/ForgotPasswordPage').then(page => ({
            Component: page.ForgotPasswordPage,
          })),
      },
      {
        path: '/reset-password',
        lazy: () =>
          import('../passwords/ResetPasswordPage').then(page => ({
            Component: page.ResetPasswordPage,
          })),
      },
      {
        Component: ApiProvider,
        children: [
          {
            Component: Shell,
            children: failingInPlace([
              {
                path: '/',
                lazy: () => import('../home/HomePage').then(page => ({ Component: page.HomePage })),
              },
              {
                path: '/account/users',
                lazy: () =>
                  import('../users/UsersPage').then(page => ({ Component: page.UsersPage })),
              },
              {
                path: '/account/users/import',
                lazy: () =>
                  import('../invitations/ImportUsersPage').then(page => ({
                    Component: page.ImportUsersPage,
                  })),
              },
              {
                path: '/account/users/:id',
                lazy: () =>
                  import('../users/EditUserPage').then(page => ({ Component: page.EditUserPage })),
                children: [
                  // The dialog has its own address, so that a link can open
                  // it.
                  { path: 'change-password', Component: () => null },
                  { path: 'access', Component: () => null },
                  { path: 'security', Component: () => null },
                  { path: 'operations', Component: () => null },
                ],
              },
              {
                path: '/account/api-tokens',
                lazy: () =>
                  import('../api-tokens/AllApiTokensPage').then(page => ({
                    Component: page.AllApiTokensPage,
                  })),
              },
              {
                path: '/account/operations',
                lazy: () =>
                  import('../operations/OperationsPage').then(page => ({
                    Component: page.OperationsPage,
                  })),
              },
              {
                path: '/account/settings/general',
                lazy: () =>
                  import('../settings/GeneralSettingsPage').then(page => ({
                    Component: page.GeneralSettingsPage,
                  })),
              },
              {
                path: '/account/settings/security',
                lazy: () =>
                  import('../settings/SecuritySettingsPage').then(page => ({
                    Component: page.SecuritySettingsPage,
                  })),
              },
              {
                path: '/account/settings/password-policy',
                lazy: () =>
                  import('../settings/PasswordPolicyPage').then(page => ({
                    Component: page.PasswordPolicyPage,
                  })),
              },
              {
                path: '/account/settings/mail',
                lazy: () => import('../mail/MailPage').then(page => ({ Component: page.MailPage })),
              },
              {
                path: '/account/me',
                lazy: () =>
                  import('../account/MyAccountPage').then(page => ({
                    Component: page.MyAccountPage,
                  })),
                children: [
                  {
                    lazy: () =>
                      import('../account/ProfileTab').then(tab => ({ Component: tab.ProfileTab })),
                    children: [{ index: true }, { path: 'change-password', Component: () => null }],
                  },
                  {
                    path: 'security',
                    lazy: () =>
                      import('../account/SecurityTab').then(tab => ({
                        Component: tab.SecurityTab,
                      })),
                    children: [{ index: true }, { path: 'change-password', Component: () => null }],
                  },
                  {
                    path: 'api',
                    lazy: () =>
                      import('../api-tokens/ApiTokensTab').then(tab => ({
                        Component: tab.ApiTokensTab,
                      })),
                  },
                  {
                    path: 'activity',
                    lazy: () =>
                      import('../account/ActivityTab').then(tab => ({
                        Component: tab.ActivityTab,
                      })),
                  },
                ],
              },
              {
                path: '/explorer',
                lazy: () =>
                  import('../explorer/ExplorerRoute').then(page => ({
                    Component: page.ExplorerRoute,
                  })),
              },
              {
                path: '/account/settings/webhooks',
                lazy: () =>
                  import('../webhooks/WebhooksPage').then(page => ({
                    Component: page.WebhooksPage,
                  })),
              },
              {
                path: '/account/settings/webhooks/:id',
                lazy: () =>
                  import('../webhooks/WebhookPage').then(page => ({
                    Component: page.WebhookPage,
                  })),
              },
              {
                // Password managers send users to this address.
                path: '/account/change-password',
                element: <Navigate to="/account/me/security/change-password" replace />,
              },
              // Earlier addresses, which bookmarks and mails still have.
              ...[
                ['password', '/security'],
                ['password/change-password', '/security/change-password'],
                ['sessions', '/security#sessions'],
                ['operations', '/activity'],
                ['data', ''],
              ].map(([earlier, now]) => ({
                path: `/account/me/${earlier}`,
                element: <Navigate to={`/account/me${now}`} replace />,
              })),
              // Parts of other addresses, which users type and breadcrumbs link to.
              { path: '/account', element: <Navigate to="/" replace /> },
              {
                path: '/account/settings',
                lazy: () =>
                  import('../settings/SettingsIndex').then(page => ({
                    Component: page.SettingsIndex,
                  })),
              },
              { path: '*', Component: NotFoundPage },
            ]),
          },
        ],
      },
    ],
  },
]

/** The router of the browser. */
export const createRouter = () => createBrowserRouter(routes)
