package dev.switchboard;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.tools.Diagnostic.Kind;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// Reads sources with the compiler's own parser and collects what breaks the rules of the house.
///
/// The compiler knows what a text search can only guess: whether a switch is over an enum, where a
/// method ends, which comment belongs to what.
final class SourceRules extends TreePathScanner<Void, Void> {
  static final int METHOD_LINES_MAX = 60;
  static final int PARAMETERS_MAX = 5;
  static final int NESTING_MAX = 3;
  private static final Set<String> BANNED_WORDS =
      Set.of(
          "Manager",
          "Helper",
          "Util",
          "Utils",
          "Common",
          "Impl",
          "Base",
          "Abstract",
          "Processor",
          "Data",
          "Info");
  // The protocol's own word for who a client is.
  private static final Set<String> ALLOWED_NAMES = Set.of("ClientInfo");
  private static final Set<Tree.Kind> INTERFACES =
      Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

  /// What can be broken.
  enum Rule {
    METHOD_LINES,
    PARAMETERS,
    NESTING,
    DEFAULT_CASE,
    STATIC_FIELD,
    BANNED_NAME,
    MISSING_COMMENT,
    STANDARD_OUTPUT
  }

  private final Trees trees;
  private final boolean typesKnown;
  private final Map<Rule, List<String>> breaches;

  private SourceRules(Trees trees, boolean typesKnown, Map<Rule, List<String>> breaches) {
    this.trees = trees;
    this.typesKnown = typesKnown;
    this.breaches = breaches;
  }

  /// Every breach in `files`, by rule; each names the place and what is wrong.
  static Map<Rule, List<String>> breaches(List<Path> files) throws IOException {
    Map<Rule, List<String>> breaches = new EnumMap<>(Rule.class);
    Arrays.stream(Rule.values()).forEach(rule -> breaches.put(rule, new ArrayList<>()));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
      var sources = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, problems, options, null, sources);
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      // Before the compiler adds what was not written: record accessors, constructors.
      new SourceRules(Trees.instance(task), false, breaches).scan(units, null);
      task.analyze();
      if (problems.getDiagnostics().stream().anyMatch(one -> one.getKind() == Kind.ERROR)) {
        throw new IllegalArgumentException(problems.getDiagnostics().toString());
      }
      new SourceRules(Trees.instance(task), true, breaches).scan(units, null);
    }
    return breaches;
  }

  @Override
  public Void visitClass(ClassTree type, Void unused) {
    String name = type.getSimpleName().toString();
    if (!typesKnown && !name.isEmpty()) {
      if (isBanned(name)) {
        add(Rule.BANNED_NAME, type, name);
      }
      if (!type.getModifiers().getFlags().contains(Modifier.PRIVATE) && isUncommented()) {
        add(Rule.MISSING_COMMENT, type, name);
      }
    }
    return super.visitClass(type, unused);
  }

  /// Whether a type's name says what it is instead of what it does.
  static boolean isBanned(String name) {
    return !ALLOWED_NAMES.contains(name)
        && (name.matches("I[A-Z][a-z].*|Default[A-Z].*")
            || Arrays.stream(name.split("(?=[A-Z])")).anyMatch(BANNED_WORDS::contains));
  }

  @Override
  public Void visitMethod(MethodTree method, Void unused) {
    if (!typesKnown) {
      String name = method.getName().toString();
      if (method.getBody() != null && lines(method) > METHOD_LINES_MAX) {
        add(Rule.METHOD_LINES, method, name + " has " + lines(method) + " lines");
      }
      boolean ofRecord = enclosing().getKind() == Tree.Kind.RECORD && name.equals("<init>");
      if (method.getParameters().size() > PARAMETERS_MAX && !ofRecord) {
        add(Rule.PARAMETERS, method, name + " has " + method.getParameters().size());
      }
      if (isPublic(method) && isUncommented() && !method.toString().contains("@Override")) {
        add(Rule.MISSING_COMMENT, method, name);
      }
    }
    return super.visitMethod(method, unused);
  }

  private boolean isPublic(MethodTree method) {
    var flags = method.getModifiers().getFlags();
    boolean implied =
        INTERFACES.contains(enclosing().getKind())
            && !enclosing().getModifiers().getFlags().contains(Modifier.PRIVATE);
    return flags.contains(Modifier.PUBLIC) || implied && !flags.contains(Modifier.PRIVATE);
  }

  private boolean isUncommented() {
    return trees.getDocComment(getCurrentPath()) == null;
  }

  private ClassTree enclosing() {
    return (ClassTree) getCurrentPath().getParentPath().getLeaf();
  }

  @Override
  public Void visitVariable(VariableTree field, Void unused) {
    var flags = field.getModifiers().getFlags();
    boolean member = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
    if (!typesKnown
        && member
        && flags.contains(Modifier.STATIC)
        && !flags.contains(Modifier.FINAL)) {
      add(Rule.STATIC_FIELD, field, field.getName().toString());
    }
    return super.visitVariable(field, unused);
  }

  @Override
  public Void visitMemberSelect(MemberSelectTree select, Void unused) {
    boolean commandLine = unit().getPackageName().toString().equals("dev.switchboard.cli");
    if (!typesKnown && select.toString().equals("System.out") && !commandLine) {
      add(Rule.STANDARD_OUTPUT, select, "System.out");
    }
    return super.visitMemberSelect(select, unused);
  }

  @Override
  public Void visitSwitch(SwitchTree tree, Void unused) {
    checkDefault(tree.getExpression(), tree.getCases());
    return super.visitSwitch(tree, unused);
  }

  @Override
  public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
    checkDefault(tree.getExpression(), tree.getCases());
    return super.visitSwitchExpression(tree, unused);
  }

  private void checkDefault(ExpressionTree selector, List<? extends CaseTree> cases) {
    boolean hasDefault =
        cases.stream()
            .flatMap(one -> one.getLabels().stream())
            .anyMatch(DefaultCaseLabelTree.class::isInstance);
    if (!typesKnown || !hasDefault) {
      return;
    }
    var type = trees.getTypeMirror(new TreePath(getCurrentPath(), selector));
    if (type instanceof DeclaredType declared && isClosed((TypeElement) declared.asElement())) {
      add(Rule.DEFAULT_CASE, selector, "default on " + declared);
    }
  }

  private static boolean isClosed(TypeElement type) {
    return type.getKind() == ElementKind.ENUM || type.getModifiers().contains(Modifier.SEALED);
  }

  @Override
  public Void scan(Tree tree, Void unused) {
    if (!typesKnown && tree != null && nests(tree, getCurrentPath())) {
      int depth = 1;
      for (var path = getCurrentPath(); !isBoundary(path); path = path.getParentPath()) {
        depth += nests(path.getLeaf(), path.getParentPath()) ? 1 : 0;
      }
      if (depth > NESTING_MAX) {
        add(Rule.NESTING, tree, "nested " + depth + " deep");
      }
    }
    return super.scan(tree, unused);
  }

  private static boolean isBoundary(TreePath path) {
    return path == null || path.getLeaf() instanceof MethodTree;
  }

  /// Whether a statement indents what it holds; an `else if` is a step of its `if`.
  private static boolean nests(Tree tree, TreePath parent) {
    return switch (tree) {
      case IfTree _ ->
          !(parent != null
              && parent.getLeaf() instanceof IfTree outer
              && outer.getElseStatement() == tree);
      case ForLoopTree _, EnhancedForLoopTree _, WhileLoopTree _, DoWhileLoopTree _ -> true;
      case SwitchTree _, SwitchExpressionTree _, TryTree _ -> true;
      default -> false;
    };
  }

  private CompilationUnitTree unit() {
    return getCurrentPath().getCompilationUnit();
  }

  private long line(Tree tree, boolean end) {
    var positions = trees.getSourcePositions();
    long position =
        end ? positions.getEndPosition(unit(), tree) : positions.getStartPosition(unit(), tree);
    return unit().getLineMap().getLineNumber(position);
  }

  private long lines(MethodTree method) {
    return line(method, true) - line(method, false) + 1;
  }

  private void add(Rule rule, Tree tree, String what) {
    String file = Path.of(unit().getSourceFile().toUri()).getFileName().toString();
    breaches.get(rule).add(file + ":" + line(tree, false) + ": " + what);
  }
}
