import { useApolloClient } from '@apollo/client/react'
import {
  ActionIcon,
  Box,
  Group,
  Skeleton,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMenu2, IconUser, IconX } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Link, Navigate, Outlet, useLocation, useNavigation } from 'react-router'
import { DeletionBanner } from '../account/DeletionBanner'
import { MailBanner } from '../mail/MailBanner'
import { useLanguage, useLocale } from '../messages/use-locale'
import { NotificationBell } from '../notifications/NotificationBell'
import { PasswordAgeBanner } from '../passwords/PasswordAgeBanner'
import { RequiredFromBanner } from '../second-factor/RequiredFromBanner'
import { signInAddress } from '../sessions/sign-in-address'
import { useViewer } from '../sessions/use-viewer'
import { useAccountLook } from '../ui/account-look'
import { LoadFailure } from '../ui/LoadFailure'
import { WordMark } from '../ui/WordMark'
import { CommandPaletteButton } from './CommandPaletteButton'
import { ConnectionBanner } from './ConnectionBanner'
import { colorSchemes } from './color-schemes'
import { accountPages, explorerPage, openPages, type Page, settingsPages } from './pages'
import classes from './Shell.module.css'
import { UserMenu } from './UserMenu'
import { useEarlyQueries } from './use-early-queries'

const ColorSchemeButton = () => {
  const { t } = useLocale()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { name, next, Icon } = colorSchemes[colorScheme]
  const label = t(name)
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      className={classes.colorScheme}
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(next)}
    >
      <Icon size={20} aria-hidden />
    </ActionIcon>
  )
}

/** An entry of the navigation, marked while its page or a subpage is shown. */
const NavEntry = ({ to, name, Icon, reloadDocument = false }: Omit<Page, 'permissions'>) => {
  const { t } = useLocale()
  const { pathname } = useLocation()
  return (
    <UnstyledButton
      component={Link}
      to={to}
      reloadDocument={reloadDocument}
      className={classes.entry}
      mod={{ active: to === '/' ? pathname === to : pathname.startsWith(to) }}
      aria-current={pathname === to ? 'page' : undefined}
    >
      <Icon size={18} aria-hidden />
      {t(name)}
    </UnstyledButton>
  )
}

const navEntriesOf = (pages: readonly Page[]) =>
  pages.map(page => <NavEntry key={page.to} {...page} />)

/** The heading of a group in the navigation. */
const Heading = ({ children }: { children: string }) => (
  <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm" py="xs" lts="0.05em">
    {children}
  </Text>
)

const RequiredChangePage = lazy(() =>
  import('../passwords/RequiredChangePage').then(page => ({ default: page.RequiredChangePage })),
)
const RequiredEnrolmentPage = lazy(() =>
  import('../second-factor/RequiredEnrolmentPage').then(page => ({
    default: page.RequiredEnrolmentPage,
  })),
)

/** The frame around every page for signed-in users. */
export const Shell = () => {
  const { viewer, loading, error, refetch } = useViewer()
  const [menuOpened, { toggle, close }] = useDisclosure()
  const location = useLocation()
  const navigation = useNavigation()
  const client = useApolloClient()
  const [enrolling, setEnrolling] = useState(false)
  const { locale, setLanguage } = useLanguage()
  const { t } = locale
  const { name: accountName } = useAccountLook()
  const wasSignedIn = useRef(false)
  useEarlyQueries()
  const burger = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (viewer) wasSignedIn.current = true
  }, [viewer])

  // Without a user, the language of the browser: the next person may not know that of the last.
  const language = viewer === null ? null : viewer?.language
  useEffect(() => {
    if (language === undefined) return
    setLanguage(language).then(
      loaded => {
        if (loaded === locale) return
        // The API has described these in the language before.
        client.cache.evict({ fieldName: 'webhookEventTypes' })
      },
      // If the messages cannot be loaded, the page stays in the language it has.
      () => undefined,
    )
  }, [language, setLanguage, locale, client])

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever page opens, the menu closes.
  useEffect(close, [location.pathname])
  useEffect(() => {
    if (!menuOpened) return
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      close()
      burger.current?.focus()
    }
    // On a wide screen the menu covers nothing.
    const roomy = matchMedia('(min-width: 48em)')
    addEventListener('keydown', onKey)
    roomy.addEventListener('change', close)
    return () => {
      removeEventListener('keydown', onKey)
      roomy.removeEventListener('change', close)
    }
  }, [menuOpened, close])

  if (error !== undefined && viewer === undefined) {
    return (
      <Box maw={540} mx="auto" px="md" py="xl">
        <LoadFailure failure={error} onRetry={() => refetch()} />
      </Box>
    )
  }
  if (!loading && viewer === null) {
    const reason = wasSignedIn.current ? 'ended' : undefined
    return <Navigate to={signInAddress(location.pathname + location.search, reason)} replace />
  }

  if (viewer?.mustChangePassword === true) {
    return (
      <Suspense fallback={<div aria-busy="true" />}>
        <RequiredChangePage viewer={viewer} />
      </Suspense>
    )
  }
  // Stays true after the enrolment, because its recovery codes are then shown once.
  if (viewer?.mustEnrolSecondFactor === true && !enrolling) setEnrolling(true)
  if (viewer && (enrolling || viewer.mustEnrolSecondFactor)) {
    return (
      <Suspense fallback={<div aria-busy="true" />}>
        <RequiredEnrolmentPage
          viewer={viewer}
          onDone={async () => {
            await client.refetchQueries({ include: 'active' })
            setEnrolling(false)
          }}
        />
      </Suspense>
    )
  }

  const permissions = viewer?.permissions ?? []
  const settings = openPages(settingsPages, permissions)

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#content">
        {t('app.skipToContent')}
      </a>
      <header className={classes.header}>
        <Group className={classes.bar} justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <ActionIcon
              ref={burger}
              variant="subtle"
              color="gray"
              size="lg"
              ms={-7}
              onClick={toggle}
              hiddenFrom="sm"
              aria-label={menuOpened ? t('app.navigation.close') : t('app.navigation.open')}
              aria-expanded={menuOpened}
              aria-controls="navigation"
            >
              {menuOpened ? <IconX aria-hidden /> : <IconMenu2 aria-hidden />}
            </ActionIcon>
            <UnstyledButton
              component={Link}
              to="/"
              className={classes.home}
              aria-label={t('app.home', { account: accountName })}
            >
              <WordMark />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {viewer && <CommandPaletteButton viewer={viewer} />}
            <ColorSchemeButton />
            {viewer && <NotificationBell />}
            {viewer ? <UserMenu viewer={viewer} /> : <Skeleton circle height={36} />}
          </Group>
        </Group>
      </header>
      <div className={classes.columns}>
        <nav
          id="navigation"
          className={classes.navigation}
          aria-label={t('app.navigation.account')}
          data-opened={menuOpened || undefined}
        >
          <Heading>{t('app.navigation.account')}</Heading>
          {viewer ? (
            <>
              {navEntriesOf(openPages(accountPages, permissions))}
              {!permissions.includes('users.read') && (
                <NavEntry to="/account/me" name="app.navigation.myAccount" Icon={IconUser} />
              )}
            </>
          ) : (
            <Stack px="sm">
              <Skeleton height={20} />
            </Stack>
          )}
          {settings.length > 0 && <Heading>{t('app.navigation.settings')}</Heading>}
          {navEntriesOf(settings)}
          {navEntriesOf(openPages([explorerPage], permissions))}
        </nav>
        <main
          className={classes.main}
          id="content"
          tabIndex={-1}
          inert={menuOpened}
          aria-busy={navigation.state !== 'idle'}
        >
          <div className={classes.content}>
            <ConnectionBanner />
            {viewer && <DeletionBanner />}
            {viewer && <PasswordAgeBanner />}
            {viewer?.mustEnrolSecondFactorFrom != null && (
              <RequiredFromBanner from={viewer.mustEnrolSecondFactorFrom} />
            )}
            {permissions.includes('settings.manage') && <MailBanner />}
            {viewer ? (
              <Outlet />
            ) : (
              <Skeleton height={32} width={220} aria-label={t('ui.loading')} />
            )}
          </div>
        </main>
      </div>
    </div>
  )
}
