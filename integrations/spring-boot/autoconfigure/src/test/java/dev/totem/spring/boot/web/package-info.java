/** An application with a web server, for tests that run it as a process. */
@NullMarked
package dev.totem.spring.boot.web;

import org.jspecify.annotations.NullMarked;
