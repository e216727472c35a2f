// What the pages behind the sign-in need beside styles.ts. What only parts of them need is
// imported there, by such files as this one.
import '@mantine/core/styles/Skeleton.css'
