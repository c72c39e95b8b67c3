/** The MCP room: tools for agents, over stdio and over HTTP. */
export { type Ask, createMcpServer, type McpOptions } from './server.ts'
export { serveOverStdio } from './stdio.ts'
export { listTools, type Tool } from './tools.ts'
