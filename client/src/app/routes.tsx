import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import { ApiProvider } from './ApiProvider'
import { NotFoundPage } from './NotFoundPage'
import { RouteFailure } from './RouteFailure'
import { Shell } from './Shell'

/** All addresses of the SPA. Pages load when they are first opened. */
export const routes: RouteObject[] = [
  {
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
            children: [
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
                    children: [{ index: true }, { path: 'change-password' }],
                  },
                  {
                    path: 'password',
                    lazy: () =>
                      import('../account/PasswordTab').then(tab => ({
                        Component: tab.PasswordTab,
                      })),
                    children: [{ path: 'change-password' }],
                  },
                  {
                    path: 'security',
                    lazy: () =>
                      import('../second-factor/SecurityTab').then(tab => ({
                        Component: tab.SecurityTab,
                      })),
                  },
                  {
                    path: 'sessions',
                    lazy: () =>
                      import('../sessions/SessionsTab').then(tab => ({
                        Component: tab.SessionsTab,
                      })),
                  },
                  {
                    path: 'api',
                    lazy: () =>
                      import('../api-tokens/ApiTokensTab').then(tab => ({
                        Component: tab.ApiTokensTab,
                      })),
                  },
                  {
                    path: 'operations',
                    lazy: () =>
                      import('../account/OwnOperationsTab').then(tab => ({
                        Component: tab.OwnOperationsTab,
                      })),
                  },
                  {
                    path: 'data',
                    lazy: () =>
                      import('../account/DataTab').then(tab => ({ Component: tab.DataTab })),
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
                element: <Navigate to="/account/me/password/change-password" replace />,
              },
              { path: '*', Component: NotFoundPage },
            ],
          },
        ],
      },
    ],
  },
]

/** The router of the browser. */
export const createRouter = () => createBrowserRouter(routes)
