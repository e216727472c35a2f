import {
  ActionIcon,
  Burger,
  Container,
  Group,
  Skeleton,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconDeviceDesktop,
  IconListDetails,
  IconMoon,
  IconSun,
  IconUser,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { type ComponentProps, useEffect, useRef } from 'react'
import { Link, Navigate, Outlet, useLocation } from 'react-router'
import { signInAddress } from '../sessions/sign-in-address'
import { useViewer } from '../sessions/use-viewer'
import { LateUserMenu } from './LateUserMenu'
import { LoadFailure } from './LoadFailure'
import { latePart, useLatePart } from './late-part'
import classes from './Shell.module.css'
import { WordMark } from './WordMark'

const schemes = {
  auto: { next: 'light', label: 'Colours: as the system', Icon: IconDeviceDesktop },
  light: { next: 'dark', label: 'Colours: light', Icon: IconSun },
  dark: { next: 'auto', label: 'Colours: dark', Icon: IconMoon },
} as const

const ColorSchemeButton = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { next, label, Icon } = schemes[colorScheme]
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(next)}
    >
      <Icon size={20} aria-hidden />
    </ActionIcon>
  )
}

interface NavEntryProps {
  to: string
  label: string
  Icon: typeof IconUser
}

/** A line of the navigation, marked while its page or one below it is shown. */
const NavEntry = ({ to, label, Icon }: NavEntryProps) => {
  const { pathname } = useLocation()
  return (
    <UnstyledButton
      component={Link}
      to={to}
      className={classes.entry}
      mod={{ active: pathname.startsWith(to) }}
      aria-current={pathname === to ? 'page' : undefined}
    >
      <Icon size={18} aria-hidden />
      {label}
    </UnstyledButton>
  )
}

const requiredChangePage = latePart(() => import('../passwords/RequiredChangePage'))

// Few see it, and it brings the dialog along.
const LateRequiredChangePage = (
  props: ComponentProps<typeof import('../passwords/RequiredChangePage').RequiredChangePage>,
) => {
  const module = useLatePart(requiredChangePage, true)
  return module === undefined ? <div aria-busy="true" /> : <module.RequiredChangePage {...props} />
}

/** The frame round every page of someone who is signed in. */
export const Shell = () => {
  const { viewer, loading, error, refetch } = useViewer()
  const [menuOpened, { toggle, close }] = useDisclosure()
  const location = useLocation()
  const wasSignedIn = useRef(false)
  useEffect(() => {
    if (viewer) wasSignedIn.current = true
  }, [viewer])

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever page opens, the menu closes.
  useEffect(close, [location.pathname])

  if (error !== undefined && viewer === undefined) {
    return (
      <Container size="xs" py="xl">
        <LoadFailure failure={error} onRetry={() => refetch()} />
      </Container>
    )
  }
  if (!loading && viewer === null) {
    const reason = wasSignedIn.current ? 'ended' : undefined
    return <Navigate to={signInAddress(location.pathname + location.search, reason)} replace />
  }

  if (viewer?.mustChangePassword === true) return <LateRequiredChangePage viewer={viewer} />

  const seesUsers = viewer?.permissions.includes('users.read') === true
  // Who may invite, and not see, still finds there how.
  const opensUsers = seesUsers || viewer?.permissions.includes('users.invite') === true
  const seesOperations = viewer?.permissions.includes('operations.read') === true
  const seesWebhooks = viewer?.permissions.includes('webhooks.manage') === true

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={menuOpened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={menuOpened ? 'Close navigation' : 'Open navigation'}
            />
            <UnstyledButton component={Link} to="/" aria-label="Rekey, start">
              <WordMark />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorSchemeButton />
            {viewer ? <LateUserMenu viewer={viewer} /> : <Skeleton circle height={36} />}
          </Group>
        </Group>
      </header>
      <div className={classes.columns}>
        <nav
          className={classes.navigation}
          aria-label="Account"
          data-opened={menuOpened || undefined}
        >
          <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm" py="xs" lts="0.05em">
            Account
          </Text>
          {viewer ? (
            <>
              {opensUsers && <NavEntry to="/account/users" label="Users" Icon={IconUsers} />}
              {!seesUsers && <NavEntry to="/account/me" label="My account" Icon={IconUser} />}
            </>
          ) : (
            <Stack px="sm">
              <Skeleton height={20} />
            </Stack>
          )}
          {seesOperations && (
            <NavEntry to="/account/operations" label="Operations" Icon={IconListDetails} />
          )}
          {seesWebhooks && (
            <>
              <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm" py="xs" lts="0.05em">
                Settings
              </Text>
              <NavEntry to="/settings/webhooks" label="Webhooks" Icon={IconWebhook} />
            </>
          )}
        </nav>
        <main className={classes.main} id="content" tabIndex={-1}>
          <Container size="xl" px={0}>
            {viewer ? <Outlet /> : <Skeleton height={32} width={220} aria-label="Loading" />}
          </Container>
        </main>
      </div>
    </div>
  )
}
