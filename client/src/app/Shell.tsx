import {
  ActionIcon,
  AppShell,
  Avatar,
  Burger,
  Container,
  Group,
  Menu,
  NavLink,
  Skeleton,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconDeviceDesktop,
  IconKey,
  IconListDetails,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link, Navigate, Outlet, useLocation } from 'react-router'
import { RequiredChangePage } from '../passwords/RequiredChangePage'
import { signInAddress } from '../sessions/sign-in-address'
import { useSignOut } from '../sessions/use-sign-out'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from './LoadFailure'
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
    <NavLink
      component={Link}
      to={to}
      label={label}
      active={pathname.startsWith(to)}
      aria-current={pathname === to ? 'page' : undefined}
      leftSection={<Icon size={18} aria-hidden />}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  )
}

/** The frame round every page of someone who is signed in. */
export const Shell = () => {
  const { viewer, loading, error, refetch } = useViewer()
  const [menuOpened, { toggle, close }] = useDisclosure()
  const location = useLocation()
  const signOut = useSignOut()
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

  if (viewer?.mustChangePassword === true) return <RequiredChangePage viewer={viewer} />

  const seesUsers = viewer?.permissions.includes('users.read') === true
  // Who may invite, and not see, still finds there how.
  const opensUsers = seesUsers || viewer?.permissions.includes('users.invite') === true
  const seesOperations = viewer?.permissions.includes('operations.read') === true

  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !menuOpened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Header>
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
            {viewer ? (
              <Menu position="bottom-end" width={260} shadow="md" withArrow={false}>
                <Menu.Target>
                  <UnstyledButton aria-label={`Your menu, ${viewer.name}`}>
                    <Avatar name={viewer.name} color="rekey" radius="xl" size={36} alt="" />
                  </UnstyledButton>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>
                    <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
                      {viewer.name}
                    </Text>
                    <Text size="xs" truncate>
                      {viewer.login}
                    </Text>
                  </Menu.Label>
                  <Menu.Divider />
                  <Menu.Item
                    component={Link}
                    to="/account/me"
                    leftSection={<IconUser size={16} aria-hidden />}
                  >
                    My account
                  </Menu.Item>
                  <Menu.Item
                    component={Link}
                    to="/account/change-password"
                    leftSection={<IconKey size={16} aria-hidden />}
                  >
                    Change password
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item
                    leftSection={<IconLogout size={16} aria-hidden />}
                    onClick={() => void signOut()}
                  >
                    Sign out
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : (
              <Skeleton circle height={36} />
            )}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Account">
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
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size="xl" px={0}>
          {viewer ? <Outlet /> : <Skeleton height={32} width={220} aria-label="Loading" />}
        </Container>
      </AppShell.Main>
    </AppShell>
  )
}
