@NullMarked
package dev.hearth.inference.generate;

import org.jspecify.annotations.NullMarked;
