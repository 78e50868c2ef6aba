/** What steers the data path: policy into table rows, and views of what the tables hold. */
@NullMarked
package net.nvgate.gateway.control;

import org.jspecify.annotations.NullMarked;
