/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Its beans are found by scanning, as in an application: beans nested in this class would pass by the slice's filter. */
@SpringBootApplication
class GreetingsApplication {}
