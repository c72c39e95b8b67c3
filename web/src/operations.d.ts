/** The table that vite.config.ts makes of the wire: every operation has its row. */
declare module 'virtual:operations' {
  export const operations: Readonly<
    Record<
      string,
      {
        readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
        readonly path: string
        readonly scope: 'read' | 'operate' | 'admin'
        /** Asked for beside the connections, not of one. */
        readonly ofInstallation?: boolean
      }
    >
  >
}
