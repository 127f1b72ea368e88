/** Makes a web site of the pages of the repository, which stay readable without it. */
@NullMarked
package dev.totem.site;

import org.jspecify.annotations.NullMarked;
