/** Who may use the manager: users, passwords, sessions, API tokens, permissions of roles, and the audit log. */
@NullMarked
package net.nvgate.mgmt.access;

import org.jspecify.annotations.NullMarked;
